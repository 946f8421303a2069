"""Help lines: as cards, their hours, their copy for a lost database, and approval by a second person."""
