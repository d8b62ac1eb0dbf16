;;; glueline.el --- dbt projects on AWS Glue, by eglot  -*- lexical-binding: t -*-

;; For Emacs 29 or newer.  Put this file on the `load-path', say (require 'glueline), and `M-x eglot' in a model.
;; Python models stay with the server of `python-mode': eglot has one server for a mode.

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((sql-mode yaml-mode yaml-ts-mode) . ("glueline" "lsp"))))

;; A project is where `dbt_project.yml' lies, also inside a larger repository.
(with-eval-after-load 'project
  (add-to-list 'project-vc-extra-root-markers "dbt_project.yml"))

(provide 'glueline)
;;; glueline.el ends here
