from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, DateTime, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Sale(Base):
    """按天、门店、渠道、商品、时段汇总的销售。"""

    __tablename__ = "sales"

    id: Mapped[int] = mapped_column(primary_key=True)
    sale_date: Mapped[date] = mapped_column(Date)
    store_id: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    product_id: Mapped[int]
    category: Mapped[str] = mapped_column(String(32))
    scene: Mapped[str] = mapped_column(String(32))
    time_slot: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(DateTime, default=datetime.utcnow)
