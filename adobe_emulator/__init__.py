"""A strict emulator of the parts of Adobe Experience Platform that the bridge uses.

It follows Adobe's public documentation and shares no code with the bridge.
`python -m adobe_emulator` runs it as a process, `adobe_emulator.server.serving` inside a test.
"""
