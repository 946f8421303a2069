"""The admin's first page: what needs attention, coverage, what readers open, the weekly mail."""
