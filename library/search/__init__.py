"""The public list: the query string, which resources answer it, in which order, and what each filter would leave."""
