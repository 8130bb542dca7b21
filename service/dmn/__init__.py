"""DMN: decisions as Camunda Modeler writes them; read safely, checked, evaluated with FEEL."""

from service.dmn.check import check
from service.dmn.decided import MAPPINGS, Decide, Decided, Evaluated, Hit
from service.dmn.evaluate import evaluate
from service.dmn.model import Definitions
from service.dmn.read import read

__all__ = ["MAPPINGS", "Decide", "Decided", "Definitions", "Evaluated", "Hit", "check", "evaluate", "read"]
