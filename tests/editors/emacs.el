;;; What a user of Emacs does with eglot, in a batch.  -*- lexical-binding: t -*-
;; T_CONFIG is the file that is shipped; T_SERVER the server's command, as JSON; T_FAULTY and T_SHOP are projects.

(require 'eglot)
(require 'flymake)
(require 'json)
(require 'sql)
(load (getenv "T_CONFIG") nil t)

(defvar server (append (json-parse-string (getenv "T_SERVER")) nil))
(setq eglot-sync-connect 30 eglot-connect-timeout 30 eglot-confirm-server-edits nil
      project-vc-extra-root-markers '("dbt_project.yml"))

;; The shipped file is what decides which modes are served; only its command is replaced.
(let ((entry (eglot--lookup-mode 'sql-mode)))
  (unless (equal (cdr entry) '("glueline" "lsp")) (error "sql-mode is served by %S" entry)))
(setf (cdr (car eglot-server-programs)) server)

(defun wait-for (what found)
  "Wait until FOUND gives something; WHAT is said where it never does."
  (let ((end (+ (float-time) (string-to-number (or (getenv "T_PATIENCE") "30")))) value)
    (while (and (not (setq value (funcall found))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless value (error "timeout: %s" what))
    (princ (format "ok      %s\n" what))
    value))

(defun codes ()
  "The findings of the current buffer, as text."
  ;; A batch is never idle, which is when eglot tells what was typed.
  (eglot--signal-textDocument/didChange)
  (flymake-start)
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun visit (path)
  "Open a file of SQL with its server."
  (find-file path)
  (sql-mode)
  (eglot-ensure)
  (unless (eglot-managed-p) (call-interactively #'eglot))
  (flymake-mode 1))

(defun go (text inside)
  "Go so many characters INSIDE the first TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) inside)))

(visit (expand-file-name "models/marts/fct_orders.sql" (getenv "T_FAULTY")))
(wait-for "diagnostics" (lambda () (string-match-p "merges without a" (codes))))
(go "file_format" 0)
(insert "unique_key='order_id', ")
(wait-for "diagnostics follow what is typed" (lambda () (not (string-match-p "merges without a" (codes)))))
(go "views=false" 8)
(wait-for "code action"
          (lambda ()
            (seq-find (lambda (action) (equal (plist-get action :title) "Write `'False'`"))
                      (eglot-code-actions (point) (1+ (point))))))
(let ((action (seq-find (lambda (action) (equal (plist-get action :title) "Write `'False'`"))
                        (eglot-code-actions (point) (1+ (point))))))
  (eglot-execute (eglot-current-server) action))
(wait-for "the fix" (lambda () (string-search "use_iceberg_temp_views='False'" (buffer-string))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))

(visit (expand-file-name "models/marts/sales/fct_orders.sql" (getenv "T_SHOP")))
(go "stg_orders" 3)
(wait-for "hover"
          (lambda ()
            (let ((answer (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
              (string-match-p "stg_orders" (format "%S" answer)))))
(let ((model (current-buffer)))
  (xref-find-definitions (thing-at-point 'symbol))
  (wait-for "definition" (lambda () (string-suffix-p "stg_orders.sql" (buffer-file-name))))
  (switch-to-buffer model))
(go "stg_orders" 6)
(wait-for "completion"
          (lambda ()
            (let ((capf (eglot-completion-at-point)))
              (member "stg_orders" (all-completions "stg_or" (nth 2 capf))))))
(glueline-show)
(wait-for "rows"
          (lambda ()
            (let ((rows (get-buffer "*rows of fct_orders*")))
              (and rows (with-current-buffer rows (string-search "9007199254740993" (buffer-string)))))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)
