import httpx
from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter()


@router.post("/v1/{path:path}")
async def forward(path: str, request: Request):
    client: httpx.AsyncClient = request.app.state.client
    try:
        answer = await client.post(
            f"/v1/{path}",
            content=await request.body(),
            headers={"content-type": request.headers.get("content-type", "application/json")},
        )
    except httpx.PoolTimeout as error:
        raise HTTPException(status_code=503, detail="all upstream connections are busy") from error
    except httpx.TimeoutException as error:
        raise HTTPException(status_code=504, detail="upstream timed out") from error
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))
