"""A swarm under load: both platforms deliver to deploy/swarm's stack while it is updated, killed and stopped.

    python -m tests.box.swarm --report FILE      (inside the sandbox; tests/box/test_swarm.py starts it there)

stack     the stack, through the engine's command line
crowd     people who ask on both platforms, and what becomes of it
scenario  the order of events, and the report
"""
