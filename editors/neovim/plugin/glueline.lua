-- Commands, documents of the server, and on Neovim 0.10 the start of the server.

if vim.g.loaded_glueline then
  return
end
vim.g.loaded_glueline = true

local group = vim.api.nvim_create_augroup('glueline', {})

local function command(name, method, summary)
  vim.api.nvim_create_user_command(name, function()
    require('glueline').show(method, { { uri = vim.uri_from_bufnr(0) } })
  end, { desc = summary })
end

command('GluelinePreview', 'glueline.preview', 'Show what a run would send for this file')
command('GluelineCompiled', 'glueline.compile', 'Show what dbt would write for this file')

vim.api.nvim_create_user_command('Glueline', function(given)
  require('glueline').command(given.fargs)
end, {
  nargs = '+',
  complete = function(lead, line)
    return require('glueline').complete(lead, line)
  end,
  desc = 'Run on Glue, show rows, see to the session',
})

vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = { 'glueline-preview://*', 'glueline-compiled://*', 'glueline-rows://*' },
  callback = function(event)
    require('glueline').read(event.buf)
  end,
})

-- From 0.11 on, `vim.lsp.enable('glueline')` starts the server.
if not vim.lsp.enable then
  local config = dofile(vim.api.nvim_get_runtime_file('lsp/glueline.lua', false)[1])
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = config.filetypes,
    callback = function(event)
      config.root_dir(event.buf, function(folder)
        local started = vim.tbl_extend('force', config, { name = 'glueline', root_dir = folder }, vim.g.glueline or {})
        -- Later versions add what they can do themselves.
        started.capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), started.capabilities)
        vim.lsp.start(started, { bufnr = event.buf })
      end)
    end,
  })
end
