"""A token game written from the text of BPMN 2.0.2, chapter 13, to hold the engine against.

It shares no code with the engine: it reads the XML by itself and plays by moving tokens. Where the
standard leaves the order open (two scripts side by side, a signal that several events wait for), it
plays every order, so the engine agrees when it did what one of them allows.
"""

from tests.engine.token_game.game import Endless, Open, TokenGame
from tests.engine.token_game.marking import text

__all__ = ["Endless", "Open", "TokenGame", "text"]
