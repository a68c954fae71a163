from datetime import date

from fastapi import APIRouter, HTTPException
from sqlalchemy import func, select

from app.database import SessionLocal
from app.models import Sale

router = APIRouter()


@router.get("/trend")
def trend(start: date, end: date):
    db = SessionLocal()
    query = (
        select(Sale.sale_date, func.sum(Sale.amount))
        .where(Sale.sale_date.between(start, end))
        .group_by(Sale.sale_date)
        .order_by(Sale.sale_date)
    )
    rows = db.execute(query).all()
    db.close()
    return [{"date": day, "amount": amount} for day, amount in rows]


@router.get("/by-channel")
def by_channel(start: date, end: date, store_id: int | None = None):
    db = SessionLocal()
    query = select(Sale.channel, func.sum(Sale.amount)).where(Sale.sale_date.between(start, end))
    if store_id is not None:
        query = query.where(Sale.store_id == store_id)
    rows = db.execute(query.group_by(Sale.channel)).all()
    if not rows:
        # 没有数据时提前返回
        raise HTTPException(status_code=404, detail="no sales in this period")
    db.close()
    return [{"channel": channel, "amount": amount} for channel, amount in rows]


@router.get("/top-products")
def top_products(start: date, end: date, limit: int = 20):
    db = SessionLocal()
    query = (
        select(Sale.product_id, func.sum(Sale.amount).label("amount"))
        .where(Sale.sale_date.between(start, end))
        .group_by(Sale.product_id)
        .order_by(func.sum(Sale.amount).desc())
        .limit(min(limit, 100))
    )
    result = [{"product_id": product_id, "amount": amount} for product_id, amount in db.execute(query)]
    db.close()
    return result
