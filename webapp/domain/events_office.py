"""What happens around the cases 系统与基础信息: identity, people, definitions, the installation."""

from webapp.domain.event import Event

# Identity and rights


class SignedIn(Event, kind="signed_in", scope="user"):
    """登录系统。"""


class SignInRefused(Event, kind="sign_in_refused", scope="system"):
    """登录未成功。"""


class SignedOut(Event, kind="signed_out", scope="user"):
    """退出登录。"""


class AccountLocked(Event, kind="account_locked", scope="user"):
    """账号因多次登录失败被锁定。"""


class PasswordChanged(Event, kind="password_changed", scope="user"):
    """修改了登录密码。"""


class SecondFactorChanged(Event, kind="second_factor_changed", scope="user"):
    """变更了第二重身份验证。"""


class TokenIssued(Event, kind="token_issued", scope="user"):
    """签发了接口令牌。"""


class TokenRevoked(Event, kind="token_revoked", scope="user"):
    """收回了接口令牌。"""


class UserRegistered(Event, kind="user_registered", scope="user"):
    """登记了用户账号。"""


class UserDisabled(Event, kind="user_disabled", scope="user"):
    """停用了用户账号。"""


class RoleProposed(Event, kind="role_proposed", scope="user"):
    """提出授予岗位角色，待第二人复核。"""


class RoleGranted(Event, kind="role_granted", scope="user"):
    """授予岗位角色。"""


class RoleRevoked(Event, kind="role_revoked", scope="user"):
    """收回岗位角色。"""


class SubstituteNamed(Event, kind="substitute_named", scope="user"):
    """指定了代理人。"""


class SubstituteEnded(Event, kind="substitute_ended", scope="user"):
    """结束了代理。"""


# People, units, master data


class PersonRegistered(Event, kind="person_registered", scope="person"):
    """登记了人员。"""


class PersonChanged(Event, kind="person_changed", scope="person"):
    """更正了人员信息。"""


class PersonImported(Event, kind="person_imported", scope="person"):
    """由任免审批表导入了人员信息。"""


class PersonExported(Event, kind="person_exported", scope="person"):
    """导出了任免审批表。"""


class AppointmentRecorded(Event, kind="appointment_recorded", scope="person"):
    """登记了任职。"""


class AppointmentEnded(Event, kind="appointment_ended", scope="person"):
    """登记了免职。"""


class KinshipRecorded(Event, kind="kinship_recorded", scope="person"):
    """登记了亲属关系。"""


class MasterDataImported(Event, kind="master_data_imported", scope="system"):
    """导入了机构、职务等基础信息。"""


class OrganisationChanged(Event, kind="organisation_changed", scope="system"):
    """变更了机构信息。"""


class PostChanged(Event, kind="post_changed", scope="system"):
    """变更了职务或职数。"""


class CalendarChanged(Event, kind="calendar_changed", scope="policy"):
    """更新了节假日安排。"""


class PolicyChanged(Event, kind="policy_changed", scope="policy"):
    """变更了政策参数。"""


class SituationCatalogueChanged(Event, kind="situation_catalogue_changed", scope="policy"):
    """更新了不适宜担任现职情形目录。"""


# Definitions


class DraftDefinitionSaved(Event, kind="draft_definition_saved", scope="definition"):
    """保存了流程草稿。"""


class DeploymentProposed(Event, kind="deployment_proposed", scope="definition"):
    """提出发布流程，待第二人复核。"""


class DefinitionDeployed(Event, kind="definition_deployed", scope="definition"):
    """发布了流程版本。"""


class DeploymentRejected(Event, kind="deployment_rejected", scope="definition"):
    """流程发布未予同意。"""


class DeploymentWithdrawn(Event, kind="deployment_withdrawn", scope="definition"):
    """撤回了流程发布申请。"""


class DefinitionRetired(Event, kind="definition_retired", scope="definition"):
    """停用了流程版本。"""


# Running the installation


class JobRun(Event, kind="job_run", scope="system"):
    """执行了定时作业。"""


class JobFailed(Event, kind="job_failed", scope="system"):
    """定时作业未成功。"""


class JobRetried(Event, kind="job_retried", scope="system"):
    """重新安排了定时作业。"""


class IncidentRaised(Event, kind="incident_raised", scope="system"):
    """登记了流程异常。"""


class IncidentResolved(Event, kind="incident_resolved", scope="system"):
    """处理了流程异常。"""


class ClockAdvanced(Event, kind="clock_advanced", scope="system"):
    """演示时钟向前拨动。"""


class Read(Event, kind="read", scope="user"):
    """查阅了个人信息。"""


class Exported(Event, kind="exported", scope="user"):
    """导出了数据。"""


class HistoryVerified(Event, kind="history_verified", scope="system"):
    """校验了记录完整性。"""


class HistorySealed(Event, kind="history_sealed", scope="system"):
    """对办理记录作了封存校验点。"""


class ErasureMade(Event, kind="erasure_made", scope="system"):
    """依规删除了个人信息，承诺值保留。"""


class AccessGrantedInEmergency(Event, kind="access_granted_in_emergency", scope="system"):
    """经两人批准，临时开放查阅。"""


class Installed(Event, kind="installed", scope="system"):
    """系统安装或升级。"""


class DemoSeeded(Event, kind="demo_seeded", scope="system"):
    """载入了演示数据。"""
