"""One entry of the library: its kinds, who sees it, what the database holds of it, the questions, the model."""

from .model import Resource, date_label, new_ref

__all__ = ["Resource", "date_label", "new_ref"]
