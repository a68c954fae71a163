from fastapi import APIRouter
from pydantic import BaseModel

from app.models import Note
from app.session import session_scope

router = APIRouter()


class NewNote(BaseModel):
    store_id: int
    text: str


@router.post("", status_code=201)
def add_note(note: NewNote):
    with session_scope() as db:
        row = Note(store_id=note.store_id, text=note.text)
        db.add(row)
        db.flush()
        return {"id": row.id}
