-- Hands commands on, and shows the documents that the server makes. What is in them, and when they change, is for the server to say.

local M = {}

-- What a server answers to everything once it was asked to end (`InvalidRequest` of the protocol).
local ENDING = -32600

-- What it answers to what the user cancelled (`RequestCancelled`).
local CANCELLED = -32800

-- Which server made a document, by its name: where several run, the others have never seen the model.
local makers = {}

-- What each server tells of its projects.
local statuses = {}

-- The server of a buffer, or any that runs: a document of the server is attached to none.
local function server(buffer)
  return vim.lsp.get_clients({ name = 'glueline', bufnr = buffer })[1] or vim.lsp.get_clients({ name = 'glueline' })[1]
end

local function ask(client, method, params, answered)
  local function handler(problem, result)
    if problem and (problem.code == ENDING or problem.code == CANCELLED) then
      return
    elseif problem then
      vim.notify('glueline: ' .. problem.message, vim.log.levels.ERROR)
    elseif result and result ~= vim.NIL then
      answered(result)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, handler)
  else
    client.request(method, params, handler)
  end
end

local function fill(buffer, content)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split((content:gsub('\r?\n$', '')), '\r?\n'))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

-- Reads a document of the server into a buffer of its name.
function M.read(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local client = makers[name] and vim.lsp.get_client_by_id(makers[name]) or server()
  if not client then
    vim.notify('glueline: no server runs; open a file of the project first', vim.log.levels.ERROR)
    return
  end
  vim.bo[buffer].buftype, vim.bo[buffer].swapfile, vim.bo[buffer].bufhidden = 'nofile', false, 'hide'
  if vim.startswith(name, 'glueline-rows:') then
    for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
      vim.wo[window][0].wrap = false
    end
  else
    vim.bo[buffer].filetype = 'sql'
  end
  ask(client, 'glueline/document', { uri = name }, function(document)
    fill(buffer, document.content)
  end)
end

-- Reads a document again where it is shown.
function M.refresh(uri)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == uri then
      M.read(buffer)
    end
  end
end

-- Runs a command of the server. How far it is, what it asks and how it ends, the server says by the protocol's own messages.
function M.execute(command, arguments, client_id, answered)
  local client = client_id and vim.lsp.get_client_by_id(client_id) or server(vim.api.nvim_get_current_buf())
  if not client then
    vim.notify('glueline: no server runs for this buffer', vim.log.levels.ERROR)
    return
  end
  ask(client, 'workspace/executeCommand', { command = command, arguments = arguments }, function(result)
    answered(result, client)
  end)
end

-- Runs a command of the server that names a document, and opens it beside the current window.
function M.show(command, arguments, client_id)
  M.execute(command, arguments, client_id, function(result, client)
    makers[result.uri] = client.id
    local window = vim.fn.bufwinid(vim.fn.bufnr(result.uri))
    if window ~= -1 then
      vim.api.nvim_set_current_win(window)
      M.refresh(result.uri)
    else
      vim.cmd.vsplit({ args = { vim.fn.fnameescape(result.uri) } })
    end
  end)
end

-- Where the cursor is, as the server counts.
local function here()
  local client = server(vim.api.nvim_get_current_buf())
  local position = vim.lsp.util.make_position_params(0, client and client.offset_encoding or 'utf-16').position
  return { uri = vim.uri_from_bufnr(0), position = position }
end

local function quiet() end

local function send(command)
  return function()
    M.execute(command, { here() }, nil, quiet)
  end
end

local function run(command)
  return function()
    -- No command: the server knows what runs the node at the cursor.
    M.execute('glueline.run', { vim.tbl_extend('force', here(), { command = command }) }, nil, quiet)
  end
end

local function rows(more)
  return function(limit)
    M.show('glueline.show', { vim.tbl_extend('force', here(), more, { limit = tonumber(limit) }) })
  end
end

-- What `:Glueline` takes: what each of its words does, or the words that follow it.
M.commands = {
  run = run(),
  build = run('build'),
  test = run('test'),
  cancel = function()
    M.execute('glueline.runCancel', { { uri = vim.uri_from_bufnr(0) } }, nil, function(result)
      if result.cancelled == 0 then
        vim.notify('glueline: no run goes on')
      end
    end)
  end,
  show = rows({}),
  part = rows({ cte = true }),
  session = {
    start = send('glueline.session.start'),
    stop = send('glueline.session.stop'),
    status = send('glueline.session.status'),
  },
  catalog = send('glueline.catalogPull'),
  preview = function()
    M.show('glueline.preview', { here() })
  end,
  compiled = function()
    M.show('glueline.compile', { here() })
  end,
}

-- Does what the words after `:Glueline` say.
function M.command(words)
  local found, at = M.commands, 0
  while type(found) == 'table' do
    at = at + 1
    if found[words[at] or ''] == nil then
      local known = vim.tbl_keys(found)
      table.sort(known)
      vim.notify('glueline: one of ' .. table.concat(known, ', ') .. ' is wanted', vim.log.levels.ERROR)
      return
    end
    found = found[words[at]]
  end
  found(words[at + 1])
end

-- The words that may come next, for the command line.
function M.complete(lead, line)
  local found = M.commands
  for word in line:sub(1, #line - #lead):gsub('^%s*%S+', '', 1):gmatch('%S+') do
    found = type(found) == 'table' and found[word] or nil
  end
  local words = type(found) == 'table' and vim.tbl_keys(found) or {}
  table.sort(words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

-- Lists the places that a lens counts.
function M.list(title, locations, client_id)
  local items = vim.lsp.util.locations_to_items(locations, vim.lsp.get_client_by_id(client_id).offset_encoding)
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

-- A server tells how things are.
function M.told(client_id, projects)
  statuses[client_id] = projects
  vim.cmd.redrawstatus({ bang = true })
end

-- What the server of a buffer tells of the innermost project around it: `name`, `target`, `state` (`loading`, `checking`, `ready`,
-- `failed`), `reason`, `counts`, `session`, `run`.
function M.project(buffer)
  local name, found = vim.api.nvim_buf_get_name(buffer or 0), nil
  for _, client in ipairs(vim.lsp.get_clients({ name = 'glueline', bufnr = buffer or 0 })) do
    for _, project in ipairs(statuses[client.id] or {}) do
      if vim.startswith(name, vim.uri_to_fname(project.uri) .. '/') and (not found or #project.uri > #found.uri) then
        found = project
      end
    end
  end
  return found
end

local STATES = { loading = ' …', checking = ' …', ready = '', failed = ' failed' }

-- The same for a status line: `shop (dev)`, what is the matter with it, the run that goes on, and the session.
function M.status(buffer)
  local project = M.project(buffer)
  if not project then
    return ''
  end
  local function told(value)
    return value ~= vim.NIL and value or nil
  end
  local target, run, session = told(project.target), told(project.run), told(project.session)
  return project.name
    .. (target and ' (' .. target .. ')' or '')
    .. STATES[project.state]
    .. (run and (' running %d/%d'):format(run.done, run.total) or '')
    .. (session and ', session ' .. session.state:lower() or '')
end

return M
