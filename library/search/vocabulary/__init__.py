"""What readers' words mean here: synonyms, crisis terms, and words that were meant to be others."""
