"""`make chaos`: simulate one day and a full buffer, and print what was delivered."""

import argparse
import logging
import secrets
import sys
from datetime import timedelta

from tests.chaos.day import Ledger, simulate_day
from tests.chaos.simulation import Simulation
from tests.chaos.starvation import fill_and_run

# Of a webhook while those of another source wait.
_MOST_SECONDS = 5


def main() -> int:
    """Simulate the day, print the report, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--webhooks", type=int, default=20_000, help="how many events happen")
    parser.add_argument("--seed", type=int, help="the same seed gives the same day")
    asked = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    logging.disable(logging.CRITICAL)  # Suppresses a million log lines of injected faults.
    print(f"{asked.webhooks:,} webhooks, seed {seed} ...", flush=True)
    simulation, ledger = simulate_day(asked.webhooks, seed)
    _print_troubles(simulation)
    _print_ledger(simulation, ledger)
    held = not faults(ledger) and _is_nobody_starved()
    for fault in faults(ledger):
        print(f"✗ {fault}")
    print("Every promise was kept." if held else "Not every promise was kept.")
    return 0 if held else 1


def faults(ledger: Ledger) -> list[str]:
    """Return the broken guarantees, one line each."""
    never = set(ledger.sent) - set(ledger.acknowledged)
    found = {
        "events were never acknowledged": len(never),
        "acknowledged events are missing": len(ledger.missing),
        "messages took another sender's flow": ledger.misrouted,
        "messages were lost in a settling flow": ledger.lost,
        "messages are not the sender's bytes": ledger.altered,
        "messages were given up by the queue": ledger.left,
        "messages still wait": ledger.waiting,
        "dead letters have no cause": len(ledger.unexplained_deaths),
        "duplicates have no cause": len(ledger.unexplained_duplicates),
        "duplicates have another _id": len(ledger.renamed),
        "filtered events are not recorded": ledger.dropped[0] - ledger.dropped[1],
    }
    return [f"{number} {what}" for what, number in found.items() if number]


def _is_nobody_starved() -> bool:
    """Print the delay of a source while another one has more waiting than may be in flight."""
    starvation = fill_and_run(scale=1)
    slowest = max(starvation.latencies) / timedelta(seconds=1)
    print(
        f"{starvation.paused():,} messages of a paused source wait, at most"
        f" {starvation.queue.most_in_flight:,} in flight; {len(starvation.latencies)} webhooks of"
        f" another source arrived within {slowest:.1f} s\n"
    )
    return slowest < _MOST_SECONDS


def _print_troubles(simulation: Simulation) -> None:
    print("\nWhat went wrong on the way")
    for (where, trouble), times in sorted(simulation.faults.met.items()):
        print(f"  {where:<9} {trouble:<24} {times:>7,}")
    print(f"  {'processes killed':<34} {simulation.killed:>7,}")


def _print_ledger(simulation: Simulation, ledger: Ledger) -> None:
    answers = simulation.answers
    delivered = len(set(ledger.received) - set(ledger.dead))
    both = len(set(ledger.received) & set(ledger.dead))
    print("\nThe senders' side")
    for name in sorted(answers):
        print(f"  answered {name:<25} {answers[name]:>7,}")
    print("\nThe inlet's side")
    print(f"  {'messages received':<34} {ledger.received.total():>7,}")
    print(f"  {'of them distinct':<34} {len(ledger.received):>7,}")
    print(f"  {'more than once, same _id':<34} {len(ledger.duplicates):>7,}")
    print(f"  {'dead letters':<34} {len(ledger.dead):>7,}")
    print(f"  {'dead letters that arrived, too':<34} {both:>7,}")
    print(
        f"\naccepted {len(ledger.acknowledged) + ledger.dropped[0]:,}"
        f" = filtered {ledger.dropped[1]:,} + delivered {delivered:,}"
        f" + dead-lettered {len(ledger.dead):,} + waiting {ledger.waiting:,}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
