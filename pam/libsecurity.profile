Name: libsecurity second factor
Default: no
Priority: 192
Auth-Type: Additional
Auth:
	required	pam_security.so factor=code
Session-Type: Additional
Session-Interactive-Only: yes
Session:
	optional	pam_security.so
