using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class LeakedSecrets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LeakedAt",
                table: "ApiKeyAuthSecrets",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "LeakedAt",
                table: "ApiKeyAuthSecrets");
        }
    }
}
