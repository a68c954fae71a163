from fastapi import APIRouter
from pydantic import BaseModel

from app.database import SessionLocal
from app.models import Note

router = APIRouter()


class NewNote(BaseModel):
    store_id: int
    text: str


@router.post("", status_code=201)
def add_note(note: NewNote):
    db = SessionLocal()
    row = Note(store_id=note.store_id, text=note.text)
    db.add(row)
    db.commit()
    note_id = row.id
    db.close()
    return {"id": note_id}
