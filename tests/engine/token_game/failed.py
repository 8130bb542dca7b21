"""What the game raises when the standard knows no way on."""


class Failed(Exception):
    """No condition holds, a condition is no truth value, an error that nobody catches, a dead end."""
