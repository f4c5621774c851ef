"""What the keys refuse, as sentences for whoever runs the installation."""

from webapp.domain.errors import Refused


class KeyUnavailable(Refused):
    """主密钥无法使用，加密保存的信息暂时不能读写，请联系系统管理员检查密钥文件。"""

    status = 503


class SealBroken(Refused):
    """加密保存的信息无法解开，可能被改动或移动过，请联系系统管理员。"""

    status = 500
