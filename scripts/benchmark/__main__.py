"""Chooses the benchmark; see scripts/bench --help."""

import argparse
import importlib
import os

BENCHMARKS = ("embed", "search", "insert", "forms", "tables", "start", "soak", "space", "overload", "contract", "mlx")


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures AkiDB over HTTP on this machine and prints markdown tables. Starts its own server on port "
        "8780 with its own data, on 127.0.0.1 only. Real texts come from Debian's wordnet-base.",
    )
    parsers = parser.add_subparsers(dest="benchmark", required=True, metavar="{" + ",".join(BENCHMARKS) + "}")
    for name in BENCHMARKS:
        module = importlib.import_module(f".{name}", __package__)
        sub = parsers.add_parser(name, help=module.__doc__.split(": ", 1)[1].strip(), description=module.__doc__)
        sub.add_argument("--server", action="append", default=[], metavar="OPTION", help="an option for the server")
        module.add_arguments(sub)
        sub.set_defaults(run=module.main)
    options = parser.parse_args()
    print(f"Machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    options.run(options)


if __name__ == "__main__":
    main()
