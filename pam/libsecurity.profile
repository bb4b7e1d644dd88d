Name: libsecurity second factor (refuses root unless LIBSECURITY_PAM_ALLOW_ROOT is true)
Default: no
Priority: 192
Auth-Type: Additional
Auth:
	required	pam_security.so factor=code
Session-Type: Additional
Session-Interactive-Only: yes
Session:
	optional	pam_security.so
