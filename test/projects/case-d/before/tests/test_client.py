import httpx


def test_small_pool_is_enough_here():
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=5)
    with httpx.Client(limits=limits, transport=httpx.MockTransport(lambda _: httpx.Response(204))) as client:
        assert client.get("https://upstream.example.com/healthz").status_code == 204
