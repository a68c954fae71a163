from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from app.config import MAX_EXPORT_ROWS
from app.database import SessionLocal
from app.models import Sale

router = APIRouter()


@router.get("/sales.csv")
def sales_csv(start: date, end: date):
    return StreamingResponse(rows(start, end), media_type="text/csv")


def rows(start: date, end: date) -> Iterator[str]:
    # 流式导出，生成器结束时关闭会话
    db = SessionLocal()
    try:
        yield "date,store,channel,amount\n"
        query = select(Sale).where(Sale.sale_date.between(start, end)).limit(MAX_EXPORT_ROWS)
        for sale in db.scalars(query).yield_per(1000):
            yield f"{sale.sale_date},{sale.store_id},{sale.channel},{sale.amount}\n"
    finally:
        db.close()
