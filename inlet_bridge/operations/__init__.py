"""Operate a deployed bridge, on AWS or in the local cloud; each package answers one question.

- `webhooks`: which webhooks came?
- `delivery`: what became of one delivery, and what can be done with it?
- `replay`: how are webhooks sent again?
- `queues`: what is in the queues: dead letters, and what a deleted stack left?
- `ingestion`: what did Adobe ingest and reject?
- `monitoring`: how many webhooks came over time, which are open, and which alarms ring?
- `erasure`: which stored webhooks concern a person, and how are they erased?
- `configuration`: what is configured, does Adobe still have it, and what is paused?
- `account`: which stages and stacks does the account have, and is it ready for them?

They read what the bridge stored: `logs`, `records` (the deliveries table) and `bodies` (kept
webhooks). `deployed` finds the resources of a stack; `invocation` and `provisioner` call its
functions.
"""
