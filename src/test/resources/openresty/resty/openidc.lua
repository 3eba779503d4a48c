-- Stands in for lua-resty-openidc, which Debian does not have. Of that library it has what
-- backends.md calls: introspect(opts) asks with client_id and client_secret in the form, says
-- "invalid token" where the response is not active, and keeps what is active in
-- lua_shared_dict introspection until its exp, and not at all where it has none.
local cjson = require "cjson.safe"

local openidc = {}

local function bearer_token()
    local header = ngx.req.get_headers()["Authorization"]
    if type(header) == "table" then
        header = header[1]
    end
    local scheme, token = string.match(header or "", "^(%S+) (.+)$")
    if not scheme or scheme:lower() ~= "bearer" then
        return nil, "no bearer token"
    end
    return token
end

-- HTTP/1.0: the response ends with the connection, and has no chunks
local function post(url, form, timeout)
    local host, port, path = url:match("^http://([^:/]+):(%d+)(/.*)$")
    local socket = ngx.socket.tcp()
    socket:settimeout(timeout)
    local connected, failure = socket:connect(host, tonumber(port))
    if not connected then
        return nil, failure
    end
    local body = ngx.encode_args(form)
    socket:send({
        "POST ", path, " HTTP/1.0\r\nHost: ", host, ":", port,
        "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ", #body,
        "\r\n\r\n", body,
    })
    local response, broken = socket:receive("*a")
    socket:close()
    if not response then
        return nil, broken
    end
    local status, text = response:match("^HTTP/1%.%d (%d+).-\r\n\r\n(.*)$")
    if status ~= "200" then
        return nil, "response indicates failure, status=" .. tostring(status)
    end
    return cjson.decode(text)
end

function openidc.introspect(opts)
    local token, missing = bearer_token()
    if not token then
        return nil, missing
    end
    local cache = ngx.shared.introspection
    local kept = cache and cache:get(token)
    if kept then
        return cjson.decode(kept)
    end

    local said, failure = post(opts.introspection_endpoint, {
        token = token,
        client_id = opts.client_id,
        client_secret = opts.client_secret,
    }, opts.timeout)
    if not said then
        return nil, failure
    end
    if not said.active then
        return said, "invalid token"
    end
    local seconds = said.exp and said.exp - ngx.time() or 0
    if cache and seconds > 0 then -- to ngx.shared 0 is for ever
        cache:set(token, cjson.encode(said), seconds)
    end
    return said
end

return openidc
