"""A diagram as an object of study: read safely, checked, never executed here."""
