"""One entry of the library: its kinds, who sees it, what the database holds of it, the questions, the model."""

from .model import Resource, new_ref

__all__ = ["Resource", "new_ref"]
