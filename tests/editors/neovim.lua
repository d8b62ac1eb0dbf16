-- What a user of Neovim does, with Neovim's own functions. Run by `run.py neovim`; status 0 where all of it works.
--   T_PLUGIN  the directory of the plugin        T_SERVER  the server's command, as JSON
--   T_FAULTY, T_SHOP  copies of the bundled projects

local plugin, server = os.getenv('T_PLUGIN'), vim.json.decode(os.getenv('T_SERVER'))
local faulty, shop = os.getenv('T_FAULTY'), os.getenv('T_SHOP')

local function say(text)
  io.stdout:write(text .. '\n')
end

local function wait(what, found)
  local last
  local ok = vim.wait(tonumber(os.getenv("T_PATIENCE") or 30) * 1000, function()
    last = found()
    return last
  end, 20)
  if not ok then
    error('timeout: ' .. what, 2)
  end
  return last
end

local function codes(buffer)
  return vim.tbl_map(function(one)
    return one.code
  end, vim.diagnostic.get(buffer or 0))
end

local function finds(code, buffer)
  return vim.tbl_contains(codes(buffer), code)
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

-- Puts the cursor into a text, so many characters from its start.
local function go(needle, inside)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search('\\V' .. needle, 'cW') > 0, needle .. ' is not there')
  vim.fn.cursor(vim.fn.line('.'), vim.fn.col('.') + (inside or 0))
end

local function edit(path)
  if vim.api.nvim_buf_get_name(0) ~= path then
    vim.cmd.edit(vim.fn.fnameescape(path))
  end
  wait('the server of ' .. path, function()
    return #vim.lsp.get_clients({ bufnr = 0, name = 'glueline' }) == 1
  end)
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return text(vim.api.nvim_win_get_buf(window))
    end
  end
end

local function close_floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      vim.api.nvim_win_close(window, true)
    end
  end
end

local steps = {}

local function step(name, run)
  table.insert(steps, { name, run })
end

step('diagnostics of a file that is opened', function()
  edit(faulty .. '/models/marts/fct_orders.sql')
  wait('findings', function()
    return finds('merge-without-unique-key') and finds('boolean-where-text-is-read')
  end)
end)

step('a status line', function()
  local glueline = require('glueline')
  wait('the project', function()
    return glueline.status() == 'shop_faulty (dev)'
  end)
  local project = glueline.project()
  assert(project.state == 'ready' and project.counts.models > 10 and project.counts.error > 10, vim.inspect(project))
end)

step('a lens that lists what it counts', function()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'glueline' })[1]
  local function ask(method, params)
    local answers = vim.lsp.buf_request_sync(0, method, params, 30000) or {}
    return assert((answers[client.id] or {}).result, vim.inspect(answers))
  end
  for _, lens in ipairs(ask('textDocument/codeLens', { textDocument = { uri = vim.uri_from_bufnr(0) } })) do
    local command = ask('codeLens/resolve', lens).command
    if command.command == 'glueline.showReferences' then
      client.commands[command.command](command, { client_id = client.id, bufnr = 0 })
    end
  end
  local listed = vim.fn.getqflist({ title = 1, items = 1 })
  assert(listed.title:find('1 parent', 1, true), vim.inspect(listed))
  local files = vim.tbl_map(function(item)
    return vim.fs.basename(vim.fn.bufname(item.bufnr))
  end, listed.items)
  assert(vim.tbl_contains(files, 'stg_orders.sql'), vim.inspect(files))
  vim.cmd.cclose()
end)

step('one server for the files of a project, none outside', function()
  edit(faulty .. '/models/marts/_marts.yml')
  wait('findings in YAML', function()
    return finds('yaml-syntax')
  end)
  assert(#vim.lsp.get_clients({ name = 'glueline' }) == 1)
  vim.cmd.edit(vim.fn.fnameescape(vim.fn.tempname() .. '.sql'))
  vim.wait(100)
  assert(#vim.lsp.get_clients({ bufnr = 0, name = 'glueline' }) == 0)
end)

step('code action', function()
  edit(faulty .. '/models/marts/fct_orders.sql')
  go('false', 1)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == "Write `'False'`"
    end,
  })
  wait('the edit', function()
    return text():find("use_iceberg_temp_views='False'", 1, true)
  end)
  wait('the finding to go', function()
    return not finds('boolean-where-text-is-read')
  end)
end)

step('typing', function()
  go('merge', 0)
  vim.cmd.normal({ args = { 'ciwappend' }, bang = true })
  wait('the finding to go', function()
    return not finds('merge-without-unique-key')
  end)
  vim.cmd.undo()
  wait('the finding to come back', function()
    return finds('merge-without-unique-key')
  end)
end)

step('the server watches files itself', function()
  edit(faulty .. '/models/marts/late_payments.sql')
  wait('findings', function()
    return finds('missing-ref')
  end)
  local missing = vim.tbl_filter(function(one)
    return one.code == 'missing-ref'
  end, vim.diagnostic.get(0))[1]
  local covered = vim.api.nvim_buf_get_text(0, missing.lnum, missing.col, missing.end_lnum, missing.end_col, {})[1]
  local name = covered:match('[%w_]+')
  local path = faulty .. '/models/staging/' .. name .. '.sql'
  vim.fn.writefile({ 'select 1 as payment_id' }, path)
  wait('the finding to go', function()
    return not finds('missing-ref')
  end)
  vim.fn.delete(path)
  wait('the finding to come back', function()
    return finds('missing-ref')
  end)
end)

step('hover', function()
  edit(shop .. '/models/marts/sales/fct_orders.sql')
  go('since_lookback', 3)
  vim.lsp.buf.hover()
  wait('the window', floating)
  assert(floating():find('since_lookback', 1, true), floating())
  close_floating()
end)

step('completion', function()
  go('stg_orders', 6)
  local params = vim.lsp.util.make_position_params(0, 'utf-8')
  local found = {}
  for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/completion', params, 10000)) do
    local items = answer.result.items or answer.result
    for _, item in ipairs(items) do
      table.insert(found, item.label)
    end
  end
  assert(vim.tbl_contains(found, 'stg_orders'), vim.inspect(found))
end)

step('definition', function()
  edit(shop .. '/models/marts/sales/fct_orders.sql')
  go('stg_orders', 3)
  vim.lsp.buf.definition()
  wait('the other file', function()
    return vim.api.nvim_buf_get_name(0):find('stg_orders.sql', 1, true)
  end)
end)

step('references', function()
  edit(shop .. '/macros/since_lookback.sql')
  go('since_lookback', 3)
  vim.lsp.buf.references({ includeDeclaration = false })
  wait('the list', function()
    return #vim.fn.getqflist() >= 3
  end)
  vim.cmd.cclose()
end)

step('rename', function()
  edit(shop .. '/macros/since_lookback.sql')
  go('since_lookback', 3)
  vim.lsp.buf.rename('since_days')
  wait('the macro', function()
    return text():find('macro since_days', 1, true)
  end)
  edit(shop .. '/models/marts/sales/fct_orders.sql')
  wait('its use', function()
    return text():find('{{ since_days(', 1, true)
  end)
  -- Models are edited before the macro, and for a moment they call what is not there. That has to be taken back.
  vim.wait(300)
  wait('no findings', function()
    return #codes() == 0
  end)
end)

local function follows(command, scheme)
  edit(shop .. '/models/marts/sales/fct_orders.sql')
  local model = vim.api.nvim_get_current_buf()
  vim.cmd(command)
  wait('the document', function()
    return vim.api.nvim_buf_get_name(0):find(scheme, 1, true) == 1 and text():find('order_number', 1, true)
  end)
  local shown = vim.api.nvim_get_current_buf()
  assert(not text(shown):find('{{', 1, true), text(shown))
  assert(not vim.bo[shown].modifiable)
  local lines = vim.api.nvim_buf_get_lines(model, 0, -1, false)
  for number, line in ipairs(lines) do
    if line:find('orders.order_number,', 1, true) then
      vim.api.nvim_buf_set_lines(model, number - 1, number, false, { '    orders.order_number as ' .. scheme .. '_seen,' })
    end
  end
  wait('the document to follow', function()
    return text(shown):find(scheme .. '_seen', 1, true)
  end)
  -- One that stays would be asked for again as the server ends, and no answer would come.
  vim.api.nvim_buf_delete(shown, { force = true })
  vim.api.nvim_buf_call(model, vim.cmd.undo)
end

step('preview', function()
  follows('GluelinePreview', 'glueline-preview')
end)

step('compiled SQL', function()
  follows('GluelineCompiled', 'glueline-compiled')
end)

local told, asked, answer = {}, {}, nil

vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    table.insert(told, event.data.params)
  end,
})

-- What a user chooses where they are asked. Which of the two asks depends on the version.
vim.fn.inputlist = function(lines)
  table.insert(asked, table.concat(lines, '\n'))
  for _, line in ipairs(lines) do
    local number, title = line:match('^(%d+)%. (.*)$')
    if number and title == answer then
      return tonumber(number)
    end
  end
  return 0
end
vim.ui.select = function(items, options, chosen)
  table.insert(asked, options.prompt)
  for number, item in ipairs(items) do
    if (options.format_item or tostring)(item):find(answer, 1, true) then
      return chosen(item, number)
    end
  end
  chosen(nil)
end

local function orders(lines)
  edit(shop .. '/models/staging/shop/stg_orders.sql')
  if lines then
    vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  end
end

-- Runs the model at the cursor; the status of the run.
local function ran()
  local result
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'glueline' })[1]
  require('glueline').execute('glueline.run', { { uri = vim.uri_from_bufnr(0) } }, client.id, function(found)
    result = found
  end)
  return wait('the end of the run', function()
    return result and result.status
  end)
end

step('a run', function()
  orders()
  told = {}
  vim.cmd('Glueline run')
  local token
  -- What is told of the run, and of nothing else that goes on.
  local function said(kind, piece)
    return vim.tbl_filter(function(one)
      local value = one.value
      token = token or (value.kind == 'begin' and value.title:find('stg_orders', 1, true) and one.token)
      return token and one.token == token and value.kind == kind and ((kind == 'begin' and value.title or value.message) or ''):find(piece)
    end, told)
  end
  wait('its end', function()
    return #said('begin', '^Run ') == 1 and #said('end', '') == 1
  end)
  assert(said('begin', '')[1].value.cancellable, vim.inspect(told))
  assert(#said('report', '%d of %d model .*stg_orders') > 0, vim.inspect(told))
  wait('the session', function()
    return require('glueline').status():find('session ready', 1, true)
  end)
  assert(require('glueline').project().session.text:find('^ready, Spark 3'))
end)

step('an error of a run', function()
  orders({ 'select 1 as order_id,', '  2 as refused_by_spark' })
  assert(ran() == 'failed')
  local found = wait('the error', function()
    return vim.tbl_filter(function(one)
      return one.message:find('refused_by_spark', 1, true)
    end, vim.diagnostic.get(0))[1]
  end)
  assert(found.lnum == 1 and found.col == 7, vim.inspect(found))
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { '  2 as x' })
  wait('the error to go', function()
    return not vim.tbl_contains(
      vim.tbl_map(function(one)
        return one.message:find('refused_by_spark', 1, true) ~= nil
      end, vim.diagnostic.get(0)),
      true
    )
  end)
end)

step('a question before something is lost', function()
  orders({ "{{ config(pre_hook='drop table shop_dev_staging.kept_by_others') }}", 'select 1 as order_id' })
  answer = 'Cancel'
  local status = ran()
  assert(status == 'asks', status .. vim.inspect(asked))
  assert(#asked == 1 and asked[1]:find('kept_by_others', 1, true), vim.inspect(asked))
  answer = 'Run anyway'
  assert(ran() == 'success')
end)

step('a run that is cancelled', function()
  orders({ "select 'wait_for_me' as order_id" })
  vim.cmd('Glueline run')
  wait('the run', function()
    return require('glueline').status():find('running 0/', 1, true)
  end)
  vim.cmd('Glueline cancel')
  wait('its end', function()
    return not require('glueline').status():find('running', 1, true)
  end)
  vim.cmd.edit({ bang = true })
end)

step('rows', function()
  orders()
  vim.cmd('Glueline show 50')
  wait('the rows', function()
    return vim.api.nvim_buf_get_name(0):find('glueline-rows:', 1, true) == 1 and text():find('9007199254740993', 1, true)
  end)
  assert(text():find('order_id', 1, true) and not vim.bo.modifiable and not vim.wo.wrap, text())
  vim.api.nvim_buf_delete(0, { force = true })
end)

step('a session and a catalog', function()
  orders()
  vim.cmd('Glueline catalog')
  wait('the catalog', function()
    return vim.uv.fs_stat(shop .. '/target/glueline/catalog.json')
  end)
  vim.cmd('Glueline session status')
  wait('what it costs', function()
    return require('glueline').project().session.text:find('2 × G.1X', 1, true)
  end)
  vim.cmd('Glueline session stop')
  wait('no session', function()
    return not require('glueline').status():find('session ready', 1, true)
  end)
end)

step('words of the command', function()
  local words = require('glueline').complete
  assert(vim.deep_equal(words('s', 'Glueline s'), { 'session', 'show' }), vim.inspect(words('s', 'Glueline s')))
  assert(vim.deep_equal(words('', 'Glueline session '), { 'start', 'status', 'stop' }))
  assert(#words('', 'Glueline run ') == 0)
end)

step('health', function()
  if vim.lsp.enable then
    vim.cmd.checkhealth('vim.lsp')
    assert(text():find('glueline', 1, true), text())
  end
end)

local ok, problem = xpcall(function()
  vim.opt.runtimepath:append(plugin)
  vim.o.hidden = true
  vim.cmd('filetype on')
  if vim.lsp.enable then
    vim.lsp.config('glueline', { cmd = server })
    vim.lsp.enable('glueline')
  else
    vim.g.glueline = { cmd = server }
  end
  vim.cmd.runtime('plugin/glueline.lua')
  vim.cmd('helptags ' .. vim.fn.fnameescape(plugin .. '/doc'))
  vim.cmd.help('glueline')
  vim.cmd.helpclose()
  local failed = 0
  for _, each in ipairs(steps) do
    local fine, why = xpcall(each[2], debug.traceback)
    say((fine and 'ok      ' or 'FAILED  ') .. each[1] .. (fine and '' or '\n' .. why))
    failed = failed + (fine and 0 or 1)
  end
  local clients = vim.lsp.get_clients({ name = 'glueline' })
  for _, client in ipairs(clients) do
    client.stop(client)
  end
  wait('the servers to end', function()
    return #vim.lsp.get_clients({ name = 'glueline' }) == 0
  end)
  assert(failed == 0, failed .. ' steps failed')
end, debug.traceback)

if not ok then
  say('FAILED  ' .. problem)
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
