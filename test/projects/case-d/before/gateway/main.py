import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI

from gateway import config
from gateway.client import build_client
from gateway.proxy import router

logging.basicConfig(level=config.LOG_LEVEL.upper())


@asynccontextmanager
async def lifespan(app: FastAPI):
    # 整个进程共用一个客户端
    app.state.client = build_client()
    yield
    await app.state.client.aclose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}
