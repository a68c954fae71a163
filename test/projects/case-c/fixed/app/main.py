from fastapi import FastAPI

from app.views import export, notes, sales, stores

app = FastAPI(title="门店销售大盘")
app.include_router(sales.router, prefix="/api/sales")
app.include_router(stores.router, prefix="/api/stores")
app.include_router(notes.router, prefix="/api/notes")
app.include_router(export.router, prefix="/api/export")


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}
