/// The password schemes; raw values are passlib's names, but for those that passlib does not know.
public enum PasswordScheme: String, CaseIterable, Sendable {
    case bcrypt
    case argon2
    case desCrypt = "des_crypt"
    case pbkdf2SHA256 = "pbkdf2_sha256"
    case pbkdf2SHA512 = "pbkdf2_sha512"
    case sha256Crypt = "sha256_crypt"
    case sha512Crypt = "sha512_crypt"
    case scrypt
    case plaintext
    case djangoArgon2 = "django_argon2"
    case djangoBcryptSHA256 = "django_bcrypt_sha256"
    case djangoPBKDF2SHA256 = "django_pbkdf2_sha256"
    case djangoPBKDF2SHA1 = "django_pbkdf2_sha1"
    case djangoBcrypt = "django_bcrypt"
    case djangoSaltedMD5 = "django_salted_md5"
    case djangoSaltedSHA1 = "django_salted_sha1"
    case djangoDESCrypt = "django_des_crypt"
    case yescrypt

    /// Those that passlib knows, and SECURITY_PASSWORD_SCHEMES can name.
    public static let passlib = allCases.filter { !ours.contains($0) }

    /// Those that LIBSECURITY_PASSWORD_SCHEMES can name: the Python application would not start with them.
    public static let ours: [PasswordScheme] = [.yescrypt]

    /// Flask-Security's default of SECURITY_PASSWORD_SCHEMES.
    public static let defaultList: [PasswordScheme] = [
        .bcrypt, .argon2, .desCrypt, .pbkdf2SHA256, .pbkdf2SHA512, .sha256Crypt, .sha512Crypt, .plaintext,
    ]

    /// Flask-Security's default of SECURITY_PASSWORD_SINGLE_HASH.
    public static let defaultSingleHash: Set<PasswordScheme> = [
        .djangoArgon2, .djangoBcryptSHA256, .djangoPBKDF2SHA256, .djangoPBKDF2SHA1, .djangoBcrypt, .djangoSaltedMD5,
        .djangoSaltedSHA1, .djangoDESCrypt, .plaintext,
    ]
}
