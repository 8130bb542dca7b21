"""`alur serve` for the benchmark: with clocks, or with the stock engine in the place of ours."""

import sys

from scripts.benchmark import clocks
from scripts.benchmark.cases import DIAGRAM, PROCESS
from scripts.benchmark.stock import StockExecution, parsed
from service import cli
from service.operations import instances


def main() -> int:
    """`python -m scripts.benchmark.server [stock] [clocks] serve …`."""
    words = sys.argv[1:]
    if "stock" in words:
        StockExecution.specs[PROCESS] = parsed(DIAGRAM.read_bytes(), PROCESS)
        instances.Execution = StockExecution
    if "clocks" in words:
        clocks.install()
    return cli.main([word for word in words if word not in ("stock", "clocks")])


if __name__ == "__main__":
    sys.exit(main())
