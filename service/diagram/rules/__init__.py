"""What a diagram must fulfil: one small function per rule, in a file per family; `check.py` lists them.

A rule takes a Process (or the whole Diagram) and yields a Finding for each place that breaks it. Its
code needs the sentences `check.<code>` and `check.<code>.remedy` in translations/check.json and a
diagram tests/diagrams/refused/<code>.bpmn (or warned/) in which it finds something, and nothing else does.
"""
