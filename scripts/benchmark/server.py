"""`alur serve` for the benchmark: with clocks, with the stock engine in the place of ours, or the floor."""

import sys

from scripts.benchmark import clocks, floor
from scripts.benchmark.cases import DIAGRAM, PROCESS
from scripts.benchmark.stock import StockExecution, parsed
from service import cli
from service.operations import gate

WORDS = ("stock", "clocks", "floor")


def main() -> int:
    """`python -m scripts.benchmark.server [stock] [clocks] [floor] serve …`."""
    words = [word for word in sys.argv[1:] if word not in WORDS]
    if "floor" in sys.argv:
        return floor.main(words)
    if "stock" in sys.argv:
        StockExecution.specs[PROCESS] = parsed(DIAGRAM.read_bytes(), PROCESS)
        gate.Execution = StockExecution
    if "clocks" in sys.argv:
        clocks.install()
    return cli.main(words)


if __name__ == "__main__":
    sys.exit(main())
