"""Alur runs an office's standard operating procedures from their BPMN diagrams."""

__version__ = "0.1.0"
