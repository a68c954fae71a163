"""The same application for an event loop: bare ASGI, SQLAlchemy's asyncio extension and asyncpg, on PostgreSQL."""

import os
import time
from urllib.parse import parse_qs

from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("+psycopg2", "+asyncpg"),
    pool_size=int(os.environ["POOL_SIZE"]),
    max_overflow=int(os.environ["MAX_OVERFLOW"]),
    pool_timeout=float(os.environ["POOL_TIMEOUT"]),
)
held_for_request = os.environ["HELD_FOR"] == "request"
sleeping = text("SELECT pg_sleep(:amount)")
computing = text("SELECT compute(:amount)")


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    status, held = await answer(asked)
    headers = [(b"content-length", b"4"), (b"held", held.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"done"})


async def answer(asked):
    """The status, and how long the connection was held with the CPU spent meanwhile."""
    cpu = float(asked["cpu"])
    if "sleep" not in asked and "compute" not in asked:
        compute(cpu)
        return 200, ""
    cpu_after = cpu / 2 if held_for_request else 0
    compute(cpu - cpu_after)
    statement, amount = (computing, "compute") if "compute" in asked else (sleeping, "sleep")
    try:
        async with engine.connect() as connection:
            began, cpu_before = time.monotonic(), time.thread_time()
            (await connection.execute(statement, {"amount": float(asked[amount])})).all()
            compute(cpu_after)
    except PoolTimeout:
        return 503, ""
    return 200, f"{time.monotonic() - began:.6f} {time.thread_time() - cpu_before:.6f}"


def compute(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(100))
