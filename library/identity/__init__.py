"""Who this site says it is: its name, operator, logo, color and time zone. `current` is what everything else reads."""
