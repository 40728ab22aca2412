"""Text that test files of tests begin with."""

REFUSED_CALL = """
import os, urllib.error, urllib.request

def refused_call():
    # Nobody signs, so the answer is a refusal.
    try:
        urllib.request.urlopen(os.environ["ALIMOCK_ENDPOINT"] + "/?Action=ListUsers&Version=2015-05-01")
    except urllib.error.HTTPError as error:
        return error.code
"""
