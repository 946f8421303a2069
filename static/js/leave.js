// The link “Leave this site” takes the page's own place, so that the button for going back does not lead here again.

document.querySelector("[data-leave]")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab: this page stays
  event.preventDefault();
  location.replace(event.currentTarget.href);
});
