"""The application under test: Flask, SQLAlchemy and PostgreSQL, as small as can be.

A request says what it costs, in seconds: `/?cpu=0.005&sleep=0.05`, or `compute=0.02` for a query that computes. So the load
decides the distributions, and the same requests can be asked of every configuration and of the simulation. The header `Held`
says how long the request held its connection and how much CPU it spent meanwhile, in seconds; the header
`Again` of `/again` how many requests got their connection in the thread that had just given it back, and how many there were.
"""

import os
import threading
import time

from flask import Flask, request
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout


def create():
    url = os.environ["DATABASE_URL"]
    if os.environ["POOL_SIZE"] == "none":
        return create_engine(url, poolclass=NullPool)
    return create_engine(
        url,
        pool_size=int(os.environ["POOL_SIZE"]),
        max_overflow=int(os.environ["MAX_OVERFLOW"]),
        pool_timeout=float(os.environ["POOL_TIMEOUT"]),
    )


app = Flask(__name__)
engine = create()
held_for_request = os.environ["HELD_FOR"] == "request"
taken = {"all": 0, "again": 0, "last": 0}
sleeping = text("SELECT pg_sleep(:amount)")
computing = text("SELECT compute(:amount)")


@app.get("/")
def answer():
    cpu = float(request.args["cpu"])
    if "sleep" not in request.args and "compute" not in request.args:
        compute(cpu)
        return "done"
    cpu_after = cpu / 2 if held_for_request else 0
    compute(cpu - cpu_after)
    query, amount = (computing, "compute") if "compute" in request.args else (sleeping, "sleep")
    try:
        with engine.connect() as connection:
            began, cpu_before = time.monotonic(), time.thread_time()
            take()
            connection.execute(query, {"amount": float(request.args[amount])}).all()
            compute(cpu_after)
    except PoolTimeout:
        return "no connection", 503
    return "done", {"Held": f"{time.monotonic() - began:.6f} {time.thread_time() - cpu_before:.6f}"}


@app.get("/again")
def again():
    return "", {"Again": f"{taken['again']} {taken['all']}"}


def take():
    """Counts; threads take turns at a pool of one connection, so nothing is counted at the same time."""
    me = threading.get_ident()
    taken["all"] += 1
    taken["again"] += taken["last"] == me
    taken["last"] = me


def compute(seconds):
    """Spends this much CPU time of the thread on Python code, as templates and serialisers do."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(100))
