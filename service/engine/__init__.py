"""Runs one instance of a diagram; the only room that knows SpiffWorkflow.

SpiffWorkflow gives the kernel: the specs of a process, the tree of live tasks with their states, and
nested workflows. What BPMN asks of each element is in `elements`, `activities`, `events` and
`gateways`, as subclasses of its specs. A task here is a token: it exists from reaching an element to
leaving it, so that the tree holds what is open and nothing else.
"""
