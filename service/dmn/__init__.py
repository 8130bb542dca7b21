"""DMN: decisions as Camunda Modeler writes them; read safely, checked, evaluated with FEEL."""

from service.dmn.decided import MAPPINGS, Decide, Decided, Evaluated, Hit

__all__ = ["MAPPINGS", "Decide", "Decided", "Evaluated", "Hit"]
