-- How Neovim starts Glueline's language server: `vim.lsp.enable('glueline')`.

-- The outermost project, so that packages and integration tests inside it share one server.
local function project_of(buffer)
  local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(buffer))
  local found = vim.fs.find('dbt_project.yml', { upward = true, path = folder, type = 'file', limit = math.huge })
  return #found > 0 and vim.fs.dirname(found[#found]) or nil
end

local function show(command, context)
  require('glueline').show(command.command, command.arguments, context.client_id)
end

return {
  cmd = { 'glueline', 'lsp' },
  filetypes = { 'sql', 'sql.jinja', 'jinja', 'yaml', 'python', 'markdown', 'csv', 'toml' },
  root_dir = function(buffer, on_dir)
    local folder = project_of(buffer)
    if folder then
      on_dir(folder)
    end
  end,
  capabilities = { experimental = { commands = { commands = { 'glueline.showReferences' } }, glueline = { status = true } } },
  commands = {
    ['glueline.preview'] = show,
    ['glueline.compile'] = show,
    ['glueline.show'] = show,
    ['glueline.showReferences'] = function(command, context)
      require('glueline').list(command.title, command.arguments[3], context.client_id)
    end,
  },
  handlers = {
    ['glueline/documentChanged'] = function(_, params)
      require('glueline').refresh(params.uri)
    end,
    ['glueline/status'] = function(_, params, context)
      require('glueline').told(context.client_id, params.projects)
    end,
  },
}
