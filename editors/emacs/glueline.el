;;; glueline.el --- dbt projects on AWS Glue, by eglot  -*- lexical-binding: t -*-

;; For Emacs 29 or newer.  Put this file on the `load-path', say (require 'glueline), and `M-x eglot' in a model.
;; Python models stay with the server of `python-mode': eglot has one server for a mode.

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((sql-mode yaml-mode yaml-ts-mode) . ("glueline" "lsp"))))

;; A project is where `dbt_project.yml' lies, also inside a larger repository.
(with-eval-after-load 'project
  (add-to-list 'project-vc-extra-root-markers "dbt_project.yml"))

(declare-function eglot--TextDocumentPositionParams "eglot")
(declare-function eglot--current-server-or-lose "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function jsonrpc-async-request "jsonrpc")

(defun glueline--execute (command answered)
  "Have the server do COMMAND at point, and call ANSWERED with what comes back.
How far it is, what it asks and how it ends, the server says by messages of its own."
  ;; Eglot holds changes back for a moment, and only its own requests hand them over first.
  (eglot--signal-textDocument/didChange)
  (let* ((place (eglot--TextDocumentPositionParams))
         (given (list :uri (plist-get (plist-get place :textDocument) :uri) :position (plist-get place :position))))
    (jsonrpc-async-request (eglot--current-server-or-lose) :workspace/executeCommand
                           (list :command command :arguments (vector given))
                           :timeout nil
                           :success-fn answered
                           :error-fn (lambda (problem) (message "Glueline: %s" (plist-get problem :message))))))

(defun glueline-run ()
  "Run the node at point on the Glue session, as its text stands here."
  (interactive)
  (glueline--execute "glueline.run" (lambda (answer) (message "Glueline: %s" (plist-get answer :status)))))

(defun glueline-cancel ()
  "End the runs of the project."
  (interactive)
  (glueline--execute "glueline.runCancel" #'ignore))

(defun glueline-show ()
  "Show rows of the node at point."
  (interactive)
  (glueline--execute
   "glueline.show"
   (lambda (answer)
     (with-current-buffer (get-buffer-create (format "*rows of %s*" (plist-get answer :title)))
       (let ((inhibit-read-only t))
         (erase-buffer)
         (insert (plist-get answer :text))
         (goto-char (point-min)))
       (special-mode)
       (setq truncate-lines t)
       (display-buffer (current-buffer))))))

(provide 'glueline)
;;; glueline.el ends here
