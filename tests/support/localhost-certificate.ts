/** A certificate for `localhost` that signs itself, with its key: made for these tests, trusted by nobody, good until 2126. */

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUVnxRilhuCLhluMeu2igyr+UPyGMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA3NTQwNFoYDzIxMjYxMDMw
MDc1NDA0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARU6n5jeuZUzQljI7UFRFDO4qinnMzjF5dyQYK7/liw0vtMozgf/AZT
rkfBZ7Qi3cPriPCKQCIIBvIxBbOYWzvto2kwZzAdBgNVHQ4EFgQUb3L41heWkHkP
jReMLe6JPZpuczUwHwYDVR0jBBgwFoAUb3L41heWkHkPjReMLe6JPZpuczUwFAYD
VR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
RwAwRAIgLPvcNd5SHMepc4LKWxcBDx5WoJNv55MW/ltEGTWHYowCIBmLuWFAwm99
FO3jAAI8Vba8uRqABhRPLvr1wlXZOFjk
-----END CERTIFICATE-----
`;

export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsnkyOFcFiiENnjkp
YNqPBsxjotfMWEvp9fURGfxfXyehRANCAARU6n5jeuZUzQljI7UFRFDO4qinnMzj
F5dyQYK7/liw0vtMozgf/AZTrkfBZ7Qi3cPriPCKQCIIBvIxBbOYWzvt
-----END PRIVATE KEY-----
`;
