/// passlib's names of schemes.
enum PasslibNames {
    /// Those that passlib 1.7 knows and this version does not: hashes of them are not recognised.
    private static let foreign = """
        apr_md5_crypt atlassian_pbkdf2_sha1 bcrypt_sha256 bigcrypt bsd_nthash bsdi_crypt cisco_asa cisco_pix cisco_type7 \
        crypt16 cta_pbkdf2_sha1 django_disabled dlitz_pbkdf2_sha1 fshp grub_pbkdf2_sha512 hex_md4 hex_md5 hex_sha1 \
        hex_sha256 hex_sha512 htdigest ldap_bcrypt ldap_bsdi_crypt ldap_des_crypt ldap_hex_md5 ldap_hex_sha1 ldap_md5 \
        ldap_md5_crypt ldap_pbkdf2_sha1 ldap_pbkdf2_sha256 ldap_pbkdf2_sha512 ldap_plaintext ldap_salted_md5 \
        ldap_salted_sha1 ldap_salted_sha256 ldap_salted_sha512 ldap_sha1 ldap_sha1_crypt ldap_sha256_crypt \
        ldap_sha512_crypt lmhash md5_crypt msdcc msdcc2 mssql2000 mssql2005 mysql323 mysql41 nthash oracle10 oracle11 \
        pbkdf2_sha1 phpass postgres_md5 roundup_plaintext scram sha1_crypt sun_md5_crypt unix_disabled \
        unix_fallback
        """

    /// Whether passlib knows a scheme that this version does not.
    static func isForeign(_ name: String) -> Bool { ByteText(foreign).words().contains(ByteText(name)) }

    /// The scheme of a name that passlib knows, if this version does.
    static func scheme(_ name: String) -> PasswordScheme? {
        PasswordScheme.passlib.first { scheme in scheme.rawValue.equals(name) }
    }

    /// The scheme that an unknown name was probably meant to be.
    static func nearest(to name: String) -> String? {
        NearestName.of(name, among: PasswordScheme.passlib.map { $0.rawValue })
    }
}
