from datetime import date

from fastapi import APIRouter
from sqlalchemy import func, select

from app.database import SessionLocal
from app.models import Sale

router = APIRouter()


@router.get("/{store_id}/slots")
def slots(store_id: int, day: date):
    db = SessionLocal()
    try:
        query = (
            select(Sale.time_slot, func.sum(Sale.amount))
            .where(Sale.store_id == store_id, Sale.sale_date == day)
            .group_by(Sale.time_slot)
        )
        return {slot: amount for slot, amount in db.execute(query)}
    finally:
        db.close()


@router.get("/{store_id}/scenes")
def scenes(store_id: int, day: date):
    with SessionLocal() as db:
        query = (
            select(Sale.scene, func.sum(Sale.amount))
            .where(Sale.store_id == store_id, Sale.sale_date == day)
            .group_by(Sale.scene)
        )
        return {scene: amount for scene, amount in db.execute(query)}
