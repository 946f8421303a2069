"""`import_resources` with a file of its own, into the same library: rows a second, and the memory that it takes."""

import csv
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

KINDS = ["course", "podcast", "review", "site"]
SECTIONS = ["part-1", "part-2", "part-3", "part-4"]


def measure(rows: int, folder: Path) -> None:
    """Print one line."""
    path = folder / "import.csv"
    stamp = int(time.time())
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["title", "kind", "section", "summary", "url", "publisher", "published", "categories", "tags"])
        for number in range(rows):
            table.writerow(
                [
                    f"Imported entry {number} on sleep and stress",
                    KINDS[number % 4],
                    SECTIONS[number % 4],
                    f"What officer {number} learned about shift work, fatigue and peer support.",
                    f"https://import.example/{stamp}/{number}",
                    f"Maker {number % 200 + 1}",
                    f"{1990 + number % 30}-{number % 12 + 1:02}",
                    f"Subject {number % 14 + 1}|Subject {number % 13 + 1}",
                    f"Keyword {number % 300 + 1}|Keyword {number % 97 + 1}",
                ]
            )
    start = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "import_resources", str(path)], check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    memory = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"\nImport of {rows:,} rows: {taken:.0f} s, {rows / taken:,.0f} rows/s, at most {memory:.0f} MB of memory")
