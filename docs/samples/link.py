# A link to a video, made with a link key: python3 link.py VIDEO
import base64, hashlib, hmac, json, os, sys, time

def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def link_to(video, seconds):
    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": os.environ["TGVAULT_LINK_KEY_ID"]}).encode())
    claims = part(json.dumps({"aud": "tgvault", "sub": video, "exp": int(time.time()) + seconds}).encode())
    key = bytes.fromhex(os.environ["TGVAULT_LINK_KEY"])
    signature = part(hmac.digest(key, f"{head}.{claims}".encode(), hashlib.sha256))
    return f"{os.environ['VAULT']}/v/{head}.{claims}.{signature}/video.mp4"

print(link_to(sys.argv[1], 3600))
